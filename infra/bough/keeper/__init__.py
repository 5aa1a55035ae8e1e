"""The keeper: one process for each platform, for what must happen without anybody's command."""
