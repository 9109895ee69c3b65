import { openFlags } from "@slipway/flags/node";
import { postgresSource } from "@slipway/flags/postgres";
import { discountRoutes } from "../../shop/discount-routes.ts";
import { orderRoutes } from "../../shop/order-routes.ts";
import { productRoutes } from "../../shop/product-routes.ts";
import { startService } from "../../shop/start-service.ts";

const flags = await openFlags({ source: postgresSource({ url: process.env.DATABASE_URL ?? "" }) });

// New: notes on orders. Broken on purpose: somebody wrote the version down by hand and forgot it there, so that
// everything is healthy and answers 200, as another release.
startService({
  flags,
  needs: "select p.name, p.discount_percent, o.note from products p, orders o limit 0",
  routes: (database) => [
    ...productRoutes(database, "name"),
    ...discountRoutes(database, () => flags.isOn("discounts", undefined, true)),
    ...orderRoutes(database, { notes: true }),
  ],
  stamp: (stamp) => ({ ...stamp, version: "1.1.0" }),
});
