import { startService } from "../../shop/start-service.ts";
import { storefrontRoute } from "../../shop/storefront-route.ts";

startService({
  needs: "select title, price_cents from products limit 0",
  routes: (database) => [storefrontRoute(database, "title")],
});
