/** What to do where a graphics device failed: the page has a new worker by then, with a device of its own. */
export const DEVICE_ADVICE =
  "Try again: the device is started again. A run resumes from its last checkpoint. If this happens again, take smaller batches or images, or another backend.";
