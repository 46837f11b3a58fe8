// The service worker. `self.SHELL`, what this version of the site keeps, is put before this script
// by the server (site/devices/shell.py).
import { keepKey } from "./device/keeping.js";
import { serveThisDevice } from "./device/serving.js";

serveThisDevice(self.SHELL);
keepKey(self);
