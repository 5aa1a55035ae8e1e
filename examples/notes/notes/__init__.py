"""Notes with attachments: an example of an application that bough deploys."""
