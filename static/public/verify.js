// Hashes the chosen file here and asks with the digest alone. Without this script, or where the
// browser has no SubtleCrypto, the form sends the file, which is hashed there and not kept.
(function () {
  "use strict";
  var choose = document.getElementById("choose");
  var ask = document.getElementById("ask");
  var where = document.getElementById("where");
  if (!choose || !ask || !window.crypto || !window.crypto.subtle) { return; }
  where.textContent = where.dataset.here;
  choose.addEventListener("submit", function (event) {
    var file = document.getElementById("file").files[0];
    if (!file) { return; }
    event.preventDefault();
    file.arrayBuffer().then(function (bytes) {
      return window.crypto.subtle.digest("SHA-256", bytes);
    }).then(function (digest) {
      var hex = Array.from(new Uint8Array(digest), function (byte) {
        return byte.toString(16).padStart(2, "0");
      }).join("");
      document.getElementById("sha256").value = hex;
      ask.submit();
    }).catch(function () { choose.submit(); });
  });
})();
