/** Values as text for a person. Pure. */

export function duration(ms) {
  if (ms < 1000) {
    return `${Math.max(0, Math.round(ms))} ms`;
  }
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) {
    return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment in the reader's own time zone. */
export function moment(text) {
  return new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

export function clock(text) {
  return new Date(text).toLocaleTimeString();
}

/** How long it took, or takes until now. */
export function took(from, to, now) {
  return duration((to === null || to === undefined ? now : Date.parse(to)) - Date.parse(from));
}
