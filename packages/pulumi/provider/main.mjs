// Every `pulumi up` starts this program: with what was compiled before, in half the time.
import "@slipway/toolchain/compile-cache.cjs";

await import("./serve.ts");
