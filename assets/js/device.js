// The pages of this device. Each part of such a page names the script that fills it. What waits to be
// sent is sent from whichever of them is open.
import { tellConnection } from "./device/offline.js";
import { start } from "./device/queue.js";
import { tellRoom } from "./device/room.js";
import { tellUpdate } from "./device/update.js";

const PARTS = {
  connection: tellConnection,
  room: tellRoom,
  update: tellUpdate,
};

for (const part of document.querySelectorAll("[data-device]")) PARTS[part.dataset.device](part);
start();
