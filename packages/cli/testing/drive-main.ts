// `drive` as a process of its own, for tests that end it: drive-main.ts <project's folder> <version>
import { isSlipwayError, renderError } from "@slipway/kernel";
import { drive } from "./drive.ts";

const [root = "", version = ""] = process.argv.slice(2);
try {
  await drive(root, version);
} catch (error) {
  console.error(isSlipwayError(error) ? renderError(error) : error);
  process.exitCode = isSlipwayError(error) && error.refusal ? 2 : 1;
}
