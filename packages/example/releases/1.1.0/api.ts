import { discountRoutes } from "../../shop/discount-routes.ts";
import { orderRoutes } from "../../shop/order-routes.ts";
import { productRoutes } from "../../shop/product-routes.ts";
import { startService } from "../../shop/start-service.ts";

// New: discounts.
startService({
  needs: "select p.name, p.discount_percent, o.quantity from products p, orders o limit 0",
  routes: (database) => [
    ...productRoutes(database, "name"),
    ...discountRoutes(database),
    ...orderRoutes(database),
  ],
});
