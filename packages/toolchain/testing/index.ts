export { debianPackages, requireDebian } from "../src/debian-packages.ts";
export { freePort, type ScratchPostgres, scratchPostgres } from "./scratch-postgres.ts";
