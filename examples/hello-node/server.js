// Counts its visits, and says as which database account.

import { createServer } from "node:http";
import { hostname } from "node:os";

import { Database } from "./database.js";

const database = await Database.open();

async function visit() {
  await database.query("INSERT INTO visits DEFAULT VALUES");
  const { rows } = await database.query("SELECT count(*)::int AS visits, session_user FROM visits");
  return {
    environment: process.env.BOUGH_ENVIRONMENT,
    instance: hostname(),
    visits: rows[0].visits,
    database_user: rows[0].session_user,
  };
}

async function ready() {
  await database.query("SELECT 1");
  return { ready: true };
}

const pages = { "/": visit, "/health/live": async () => ({ live: true }), "/health/ready": ready };

const server = createServer(async (request, response) => {
  const page = pages[request.url];
  let [status, answer] = [404, { error: "there is no such page" }];
  if (page) {
    try {
      [status, answer] = [200, await page()];
    } catch (error) {
      console.error(`${request.url}: ${error.message}`);
      [status, answer] = [503, { error: "the database does not answer" }];
    }
  }
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(answer));
});

process.on("SIGHUP", async () => {
  try {
    await database.reload();
    console.error("went on with a new database account");
  } catch (error) {
    console.error(`the database account stays as it is: ${error.message}`);
  }
});

process.on("SIGTERM", () => server.close(() => database.close()));

server.listen(process.env.PORT);
