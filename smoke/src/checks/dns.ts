import type { DnsCheck } from "../definition/system-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Look } from "../engine/planned-check.ts";
import { hostText, splitAddress } from "./address.ts";
import { checkMatcher } from "./check-expectation.ts";
import { judgeValue } from "./judge-answer.ts";

/** Makes the one look of a DNS check. */
export function planDns(check: DnsCheck): Look[] {
  const { host, type = "A", server, records = { length: { min: 1 } } } = check;
  checkMatcher(records, "records");
  const resolver =
    server === undefined ? undefined : splitAddress(server.includes("::") ? `[${server}]` : server, 53);
  return [
    {
      label: `${type} of ${host}`,
      needs: { hosts: [resolver === undefined ? host : hostText(resolver)] },
      attempt: async (tools) => {
        const resolve = tools.ports.dns;
        if (resolve === undefined)
          throw new CheckFailure("configuration", "this runtime cannot ask name servers");
        const found = await resolve({
          host,
          type,
          ...(server === undefined ? {} : { server }),
          signal: tools.signal,
        });
        tools.answered();
        return { findings: [judgeValue("records", { found: true, value: [...found].sort() }, records)] };
      },
    },
  ];
}
