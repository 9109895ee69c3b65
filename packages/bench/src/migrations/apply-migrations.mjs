// Keeps what Node compiled for the next start, as the provider does, then does the work.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./apply-process.ts");
