export {
  type BuildStamp,
  parseBuildStamp,
  stampFile,
  unstamped,
} from "./src/contract/build-stamp.ts";
export {
  type Contract,
  type ContractAnswer,
  type ContractOptions,
  createContract,
  type ReadinessCheck,
  type SchemaReadiness,
} from "./src/contract/contract.ts";
export { honoMiddleware, nodeHandler, respond } from "./src/contract/serve.ts";
