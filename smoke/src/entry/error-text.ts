import type { SlipwayError } from "@slipway/kernel";

/** An error for people. Without the page that `slipway explain` shows: who has this package alone has no `slipway`. */
export function errorText({ code, message, todo }: SlipwayError): string {
  return `${code}: ${message}\n  do:   ${todo}`;
}
