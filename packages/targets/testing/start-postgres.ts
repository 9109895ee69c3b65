// Starts an embedded Postgres and ends: `node start-postgres.ts <folder>`.
import { embeddedPostgres } from "../src/local/postgres/embedded-postgres.ts";

process.stdout.write("begins\n");
const { url } = await embeddedPostgres({ folder: process.argv[2] ?? "", settings: { fsync: "off" } }).start();
process.stdout.write(`${url}\n`);
