export { type ScratchProject, scratchProject } from "./scratch-project.ts";
export { shopProject } from "./shop.ts";
