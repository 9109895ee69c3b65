/**
 * The example's stack program. Which environment it is comes from the stack that is selected, and which
 * release from that stack's configuration:
 *
 *   slipway:release   the pin. Moving it and running `pulumi up` is a release; moving it back is the rollback.
 *   slipway:target    where services run. `local`: processes on this machine, behind one router.
 *   slipway:database  `{embedded: true}`, or `{env: NAME}` for the variable that holds the URL.
 *   slipway:port      where the router listens, on loopback.
 *
 * The graph is the same for every release, forward and back:
 *
 *   release -> schema -> api, storefront -> smoke -> traffic -> settle
 *
 * `release` asks the gates and opens the run, `schema` applies what the pinned services need (or undoes
 * what they do not know), the services start beside the ones that serve, `smoke` asks them directly for
 * health, version and build, `traffic` moves to them, and `settle` leaves nothing but the pin.
 */
import { Environment } from "@slipway/pulumi";

const shop = new Environment("shop");

/** Where the shop is served. */
export const url = shop.url;

/** The release that is served there. */
export const version = shop.version;

/** The last migration that is applied. */
export const schemaHead = shop.schemaHead;

/** The newest entry of the audit chain, kept here so that a rewritten chain is found out. */
export const auditHead = shop.auditHead;
