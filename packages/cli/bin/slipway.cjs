#!/usr/bin/env node
// Where the machine's Node is too old to run the sources, the preload starts the project's own and ends this one.
require("@slipway/toolchain/node-preload.cjs");
void import("../src/main.ts");
