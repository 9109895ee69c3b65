import { openFlags } from "@slipway/flags/node";
import { postgresSource } from "@slipway/flags/postgres";
import { discountRoutes } from "../../shop/discount-routes.ts";
import { orderRoutes } from "../../shop/order-routes.ts";
import { productRoutes } from "../../shop/product-routes.ts";
import { startService } from "../../shop/start-service.ts";

const flags = await openFlags({ source: postgresSource({ url: process.env.DATABASE_URL ?? "" }) });

// New: the column products.name is called title. This release reads and writes title only, and so runs before
// name is dropped and after.
startService({
  flags,
  needs: "select p.title, p.discount_percent, o.note from products p, orders o limit 0",
  routes: (database) => [
    ...productRoutes(database, "title"),
    ...discountRoutes(database, () => flags.isOn("discounts", undefined, true)),
    ...orderRoutes(database, { notes: true }),
  ],
});
