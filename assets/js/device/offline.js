/** Says on the page that could not be fetched when there is net again. */
export function tellConnection(part) {
  addEventListener("online", () => {
    part.hidden = false;
  });
  addEventListener("offline", () => {
    part.hidden = true;
  });
}
