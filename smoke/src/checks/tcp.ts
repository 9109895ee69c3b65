import type { TcpCheck } from "../definition/system-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Look } from "../engine/planned-check.ts";
import { hostText, splitAddress } from "./address.ts";
import { checkMatcher } from "./check-expectation.ts";
import { finding, judgeValue } from "./judge-answer.ts";

/** Makes the one look of a TCP check. */
export function planTcp(check: TcpCheck): Look[] {
  const { host, port } = splitAddress(check.address);
  if (check.reply !== undefined) checkMatcher(check.reply, "reply");
  return [
    {
      label: `port ${check.address}`,
      needs: { hosts: [hostText({ host, port })] },
      attempt: async (tools) => {
        const connect = tools.ports.tcp;
        if (connect === undefined)
          throw new CheckFailure("configuration", "this runtime cannot open TCP connections");
        const reply = await connect({
          host,
          port,
          ...(check.send === undefined ? {} : { send: check.send }),
          wantsReply: check.reply !== undefined,
          signal: tools.signal,
        });
        tools.answered();
        const open = finding("port", "open", "open", true);
        if (check.reply === undefined) return { findings: [open] };
        return { findings: [open, judgeValue("reply", { found: true, value: reply }, check.reply)] };
      },
    },
  ];
}
