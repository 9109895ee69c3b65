export { type BrowserFlags, type BrowserFlagsOptions, browserFlags } from "./browser-flags.ts";
