// Everything here makes a page that already works without script a little kinder.
import { keepOnLanguageSwitch } from "./keep.js";
import { countCharacters, stepNumbers } from "./fields.js";
import { guardIdentity } from "./guard.js";
import { hasCprLike } from "./identity.js";
import { guardSending } from "./sending.js";
import { guardUnsaved } from "./unsaved.js";
import { showOnDemand } from "./on_demand.js";
import { mindDevice } from "./here.js";
import { keepPlace } from "./place.js";
import { markReadAtTheEnd, tellOpened } from "./lesson.js";
import { startWorker } from "./worker.js";

const { cpr, busy } = document.currentScript.dataset;

countCharacters();
stepNumbers();
keepOnLanguageSwitch();
mindDevice();
// The order matters: what the guard stops must neither count as sent nor as saved.
guardIdentity(cpr);
guardSending(busy);
guardUnsaved();
markReadAtTheEnd();
tellOpened();
keepPlace();
showOnDemand();
startWorker();
Object.assign(self, { hasCprLike }); // for the scripts of a device (device/identity.js)
document.querySelector(".error-summary")?.focus();
