// The service worker. `self.SHELL`, what this version of the site keeps, is put before this script
// by the server (site/devices/shell.py).
import { serveThisDevice } from "./device/serving.js";

serveThisDevice(self.SHELL);
