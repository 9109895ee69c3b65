import { orderRoutes } from "../../shop/order-routes.ts";
import { productRoutes } from "../../shop/product-routes.ts";
import { startService } from "../../shop/start-service.ts";

startService({
  needs: "select p.name, p.price_cents, o.quantity from products p, orders o limit 0",
  routes: (database) => [...productRoutes(database, "name"), ...orderRoutes(database)],
});
