// Brings the schema up to date.

import { Database } from "./database.js";

const database = await Database.open();
await database.query("CREATE TABLE IF NOT EXISTS visits (at timestamptz NOT NULL DEFAULT now())");
database.close();
