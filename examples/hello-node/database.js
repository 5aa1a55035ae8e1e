// A pool of connections whose account changes while requests go on.

import { readFile } from "node:fs/promises";
import pg from "pg";

const URL_FILE = "/run/bough/files/databases/db/url";

// The connections of one account. The pool is closed once it was replaced and its last query is
// done: pg's own `end` would leave queries unanswered that still wait for a connection.
class Generation {
  #busy = 0;
  #replaced = false;

  constructor(connectionString) {
    this.pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 5000 });
    this.pool.on("error", (error) => console.error(`idle connection lost: ${error.message}`));
  }

  async query(...query) {
    this.#busy += 1;
    try {
      return await this.pool.query(...query);
    } finally {
      this.#busy -= 1;
      this.#closeWhenDone();
    }
  }

  replace() {
    this.#replaced = true;
    this.#closeWhenDone();
  }

  #closeWhenDone() {
    if (this.#replaced && this.#busy === 0 && !this.pool.ending) {
      this.pool.end();
    }
  }
}

export class Database {
  #current;

  static async open() {
    const database = new Database();
    await database.reload();
    return database;
  }

  query(...query) {
    return this.#current.query(...query);
  }

  // Reads the account again; queries go to the new one once it has answered.
  async reload() {
    const next = new Generation(await readFile(URL_FILE, "utf8"));
    try {
      await next.query("SELECT 1");
    } catch (error) {
      next.replace();
      throw error;
    }
    const old = this.#current;
    this.#current = next;
    old?.replace();
  }

  close() {
    this.#current.replace();
  }
}
