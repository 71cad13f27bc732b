import { render } from "preact";
import { App } from "./app";
import { keepAddress } from "./state/address";
import { first, second } from "./state/mapData";
import { offerHook } from "./hook";
import { keepPrintable } from "./map/picture";
import { loadService, watchCurrency } from "./state/service";
import { keepTheme } from "./state/theme";

keepTheme();
keepAddress();
// Both maps ask for their data as soon as the choice is known, while the library of the map still comes.
first.follow();
second.follow();
void loadService();
watchCurrency();
keepPrintable();
offerHook();

const page = document.getElementById("page");
if (page) render(<App />, page);
