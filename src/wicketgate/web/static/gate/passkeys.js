// Says on the page that a passkey was not used; allauth's script only tells the console.
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  for (const place of document.querySelectorAll('[data-passkey-problem]')) place.hidden = false
})
