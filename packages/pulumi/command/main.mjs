// Every `pulumi up` starts this program: with what was compiled before, in 75 ms instead of 140 ms.
import "@slipway/toolchain/compile-cache.cjs";

await import("./serve.ts");
