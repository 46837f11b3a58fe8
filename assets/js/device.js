// The pages of this device. Each part of such a page names the script that fills it. What waits to be
// sent is sent from whichever page is open: every page loads this on a device that was set up (here.js).
import { fillConflict } from "./device/conflict.js";
import { start } from "./device/delivery.js";
import { tellEverywhere } from "./device/everywhere.js";
import { takeOver } from "./device/handing.js";
import { tellLeaving } from "./device/leaving.js";
import { fillLog } from "./device/log.js";
import { tellConnection } from "./device/offline.js";
import { fillOutbox } from "./device/outbox.js";
import { offerLock, tellChangePin, tellForgotten, tellLocked, tellReady } from "./device/pins.js";
import { tellRoom } from "./device/room.js";
import { tellUpdate } from "./device/update.js";

const PARTS = {
  "change-pin": tellChangePin,
  conflict: fillConflict,
  connection: tellConnection,
  forgotten: tellForgotten,
  leaving: tellLeaving,
  lock: offerLock,
  locked: tellLocked,
  log: fillLog,
  outbox: fillOutbox,
  ready: tellReady,
  room: tellRoom,
  "server-log": takeOver,
  update: tellUpdate,
};

for (const part of document.querySelectorAll("[data-device]")) PARTS[part.dataset.device]?.(part);
tellEverywhere();
start();
