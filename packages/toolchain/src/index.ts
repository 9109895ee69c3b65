export { type PostgresBinaries, postgresBinaries, reachableByOthers } from "./postgres-binaries.ts";
