// Cuts a release in a process of its own, which a test can kill. Usage: cut-main.ts <root> <version>
import { cutRelease } from "../src/cut/cut-release.ts";

const [root = "", version = ""] = process.argv.slice(2);
await cutRelease(version, { root, onProgress: (line) => console.log(line) });
