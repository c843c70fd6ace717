"use strict";
// Asks the browser for a passkey by the scripts of allauth, and says so where it gives none. Its
// button can be pressed only once somebody listens.
document.addEventListener("DOMContentLoaded", () => {
  const credential = document.querySelector("form [name=credential]");
  const refused = document.getElementById("passkey_refused");
  const ids = (name, button) => ({ids: {[name]: button, credential: credential.id, data: "js_data"}});
  const forms = {
    mfa_webauthn_add: () => allauth.webauthn.forms.addForm(ids("add", "mfa_webauthn_add")),
    mfa_webauthn_authenticate: () =>
      allauth.webauthn.forms.authenticateForm(ids("authenticate", "mfa_webauthn_authenticate")),
  };
  Object.keys(forms).map((id) => document.getElementById(id)).filter(Boolean).forEach((button) => {
    forms[button.id]();
    button.disabled = false;
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    refused.hidden = false;
    refused.scrollIntoView();
  });
});
