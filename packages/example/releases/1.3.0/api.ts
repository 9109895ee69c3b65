import { discountRoutes } from "../../shop/discount-routes.ts";
import { orderRoutes } from "../../shop/order-routes.ts";
import { productRoutes } from "../../shop/product-routes.ts";
import { startService } from "../../shop/start-service.ts";

// New: the column products.name is called title. This release reads and writes title only, and so runs before
// name is dropped and after.
startService({
  needs: "select p.title, p.discount_percent, o.note from products p, orders o limit 0",
  routes: (database) => [
    ...productRoutes(database, "title"),
    ...discountRoutes(database),
    ...orderRoutes(database, { notes: true }),
  ],
});
