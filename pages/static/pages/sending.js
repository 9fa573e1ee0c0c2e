// One file on its way: bytes that have been sent, then rows that the server has read.
const POLL_MS = 500;

const hexadecimal = (byte) => byte.toString(16).padStart(2, "0");
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), hexadecimal).join("");

const UNREACHABLE = "The server cannot be reached; send the file again.";

/**
 * Send a form; resolves to whether it was taken, and the answer.
 *
 * `onBytes(sent, all)` is called while bytes are sent, `onRows(rows)` while the server reads them;
 * rows is null where it does not tell.
 */
export function send(address, token, form, onBytes, onRows) {
  const id = newId();
  let polling;
  const poll = async () => {
    try {
      const answer = await fetch(`/new-log/${id}`);
      if (answer.ok && polling) onRows((await answer.json()).rows);
    } catch {
      // The upload itself will say what is wrong.
    }
    if (polling) polling = setTimeout(poll, POLL_MS);
  };
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Upload-ID", id);
    request.upload.addEventListener("progress", (event) => onBytes(event.loaded, event.total));
    request.upload.addEventListener("load", () => {
      onRows(null);
      polling = setTimeout(poll, POLL_MS);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(polling);
      polling = null;
      let answer = { detail: UNREACHABLE };
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // Not from the server.
      }
      resolve({ ok: request.status === 200, answer });
    });
    request.send(form);
  });
}
