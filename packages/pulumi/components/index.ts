export { Environment, type EnvironmentArgs } from "./environment.ts";
