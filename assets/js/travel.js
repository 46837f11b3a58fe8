// The pages on which courses are taken along and read, and on which one answers what waits: what they
// need of this device, and nothing of the log. Each part of a page names the script that fills it.
import { start } from "./device/delivery.js";
import { tellEverywhere } from "./device/everywhere.js";
import { offerFile } from "./device/leaving.js";
import { tellConnection } from "./device/offline.js";
import { offerLock } from "./device/pins.js";
import { tellReading } from "./device/reading.js";
import { tellRoom } from "./device/room.js";
import { tellCourses, tellTaking } from "./device/taking.js";
import { start as travel } from "./device/travel.js";
import { tellUpdate } from "./device/update.js";
import { tellConfirming, tellHandedOver } from "./device/waiting.js";

const PARTS = {
  confirming: tellConfirming,
  connection: tellConnection,
  courses: tellCourses,
  file: offerFile,
  "handed-over": tellHandedOver,
  lock: offerLock,
  reading: tellReading,
  room: tellRoom,
  taking: tellTaking,
  update: tellUpdate,
};

for (const part of document.querySelectorAll("[data-device]")) PARTS[part.dataset.device]?.(part);
tellEverywhere();
start();
travel();
