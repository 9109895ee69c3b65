export { debianPackages, requireDebian } from "../src/debian-packages.ts";
export { DEBIAN_POSTGRES, debianPostgres, debianPrograms } from "./debian-postgres.ts";
export { freePort, type ScratchPostgres, scratchPostgres } from "./scratch-postgres.ts";
export { seededRandom, testCount, testSeed } from "./seeded-random.ts";
export { type TcpProxy, tcpProxy } from "./tcp-proxy.ts";
