"use strict";
// Asks the browser for a passkey by the scripts of allauth, and says so where it gives none. Its
// button can be pressed only once somebody listens.
document.addEventListener("DOMContentLoaded", () => {
  const credential = document.querySelector("form [name=credential]");
  const refused = document.getElementById("passkey_refused");
  const ids = (name, button) => ({ids: {[name]: button, credential: credential.id, data: "js_data"}});
  const add = (button) => allauth.webauthn.forms.addForm(ids("add", button));
  const show = (button) => allauth.webauthn.forms.authenticateForm(ids("authenticate", button));
  const forms = {
    mfa_webauthn_add: add,
    mfa_webauthn_authenticate: show,
    mfa_webauthn_reauthenticate: show,
  };
  Object.keys(forms).map((id) => document.getElementById(id)).filter(Boolean).forEach((button) => {
    forms[button.id](button.id);
    button.disabled = false;
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    refused.hidden = false;
    refused.scrollIntoView();
  });
});
