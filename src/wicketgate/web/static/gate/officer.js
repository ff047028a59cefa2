// What needs a person's own key happens here and nowhere else: signing, and opening what was sealed to them.
// The key file is read by this page alone. It has no name in any form, so no browser sends it anywhere.
'use strict'
{
  const CURVE = { name: 'ECDSA', namedCurve: 'P-384' }
  const AGREEMENT = { name: 'ECDH', namedCurve: 'P-384' }
  const text = new TextEncoder()

  const toBase64Url = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const fromBase64Url = (word) =>
    Uint8Array.from(atob(word.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))
  const toHex = (bytes) => [...new Uint8Array(bytes)].map((each) => each.toString(16).padStart(2, '0')).join('')
  const sha256 = async (bytes) => 'sha256:' + toHex(await crypto.subtle.digest('SHA-256', bytes))
  const join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
    let at = 0
    for (const part of parts) { whole.set(part, at); at += part.length }
    return whole
  }
  const number = (value) => new Uint8Array([value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255])
  const counted = (part) => join(number(part.length), part)

  // A key's name is the digest of its public part in canonical JSON.
  const nameOf = (jwk) => sha256(text.encode(
    `{"crv":"${jwk.crv}","kty":"${jwk.kty}","x":"${jwk.x}","y":"${jwk.y}"}`))

  class Problem extends Error {}

  async function readKey (input) {
    const file = input && input.files[0]
    if (!file) throw new Problem(input ? input.dataset.missing : '')
    let found
    try { found = JSON.parse(await file.text()) } catch { throw new Problem(input.dataset.wrong) }
    const jwk = found && (found.key || found.private || found)
    if (!jwk || jwk.kty !== 'EC' || jwk.crv !== 'P-384' || !jwk.d) throw new Problem(input.dataset.wrong)
    return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, d: jwk.d }
  }

  // A detached JWS with ES384 over the very text that the page shows.
  async function sign (jwk, document, type) {
    const kid = await nameOf(jwk)
    const header = toBase64Url(text.encode(JSON.stringify({ alg: 'ES384', kid, typ: type })))
    const key = await crypto.subtle.importKey('jwk', jwk, CURVE, false, ['sign'])
    const signed = text.encode(`${header}.${toBase64Url(text.encode(document))}`)
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-384' }, key, signed)
    return { kid, jws: `${header}..${toBase64Url(signature)}` }
  }

  // ECDH-ES+A256KW on P-384 with A256GCM (RFC 7518), then the inner envelope, which the share opens too.
  async function open (jwk, { handle, jwe, share }) {
    const [head, wrapped, iv, sealed, tag] = jwe.split('.')
    const header = JSON.parse(new TextDecoder().decode(fromBase64Url(head)))
    if (header.alg !== 'ECDH-ES+A256KW' || header.enc !== 'A256GCM' || header.sub !== handle) throw new Error('header')
    const own = await crypto.subtle.importKey('jwk', jwk, AGREEMENT, false, ['deriveBits'])
    const { kty, crv, x, y } = header.epk
    const other = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, AGREEMENT, false, [])
    const agreed = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, own, 384))
    const party = (word) => counted(word ? fromBase64Url(word) : new Uint8Array())
    const derived = await crypto.subtle.digest('SHA-256', join(
      number(1), agreed, counted(text.encode(header.alg)), party(header.apu), party(header.apv), number(256)))
    const wrapping = await crypto.subtle.importKey('raw', derived, 'AES-KW', false, ['unwrapKey'])
    const content = await crypto.subtle.unwrapKey(
      'raw', fromBase64Url(wrapped), wrapping, 'AES-KW', 'AES-GCM', false, ['decrypt'])
    const inner = new Uint8Array(await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: fromBase64Url(iv), additionalData: text.encode(head) },
      content, join(fromBase64Url(sealed), fromBase64Url(tag))))
    const half = await crypto.subtle.importKey('raw', inner.slice(0, 32), 'HKDF', false, ['deriveKey'])
    const both = await crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-384', salt: fromBase64Url(share), info: text.encode('wicketgate/package/v2') },
      half, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
    const body = JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: inner.slice(32, 44), additionalData: text.encode(handle) }, both, inner.slice(44))))
    if (body.handle !== handle) throw new Error('handle')
    return body.last_known_address
  }

  const field = (form, name) => form.elements.namedItem(name)
  function say (form, sentence) {
    const place = form.querySelector('[data-problem]')
    place.textContent = sentence
    place.hidden = !sentence
    if (sentence) place.focus()
  }
  const busy = (form, on) => { for (const each of form.querySelectorAll('button')) each.disabled = on }

  async function signed (form, document) {
    const { kid, jws } = await sign(await readKey(form.querySelector('[data-signing-key]')), document, form.dataset.type)
    field(form, 'key').value = kid
    field(form, 'jws').value = jws
  }

  // A request is signed as the check showed it; the server compares again.
  for (const button of document.querySelectorAll('[data-sign-request]')) {
    button.addEventListener('click', async (event) => {
      const form = button.form
      if (!form.querySelector('[data-signing-key]').files.length) return // a file of signatures, or none
      event.preventDefault()
      try {
        await signed(form, form.querySelector('[data-document]').textContent)
        say(form, '')
        form.requestSubmit(document.getElementById('send-signed'))
      } catch (error) { say(form, error instanceof Problem ? error.message : form.dataset.failed) }
    })
  }

  for (const form of document.querySelectorAll('form[data-certificate]')) {
    form.addEventListener('submit', async (event) => {
      if (field(form, 'jws').value) return
      event.preventDefault()
      try {
        const written = {
          copies: Number(field(form, 'copies').value),
          destroyed_on: field(form, 'destroyed_on').value,
          handle: field(form, 'handle').value.trim().toUpperCase(),
          media: field(form, 'media').value,
          method: field(form, 'method').value,
          officer: form.dataset.officer
        }
        await signed(form, JSON.stringify(written))
        form.requestSubmit()
      } catch (error) { say(form, error instanceof Problem ? error.message : form.dataset.failed) }
    })
    for (const name of ['copies', 'destroyed_on', 'handle', 'media', 'method']) {
      field(form, name).addEventListener('input', () => { field(form, 'jws').value = '' })
    }
  }

  const pickUp = document.querySelector('form[data-pick-up]')
  if (pickUp) {
    pickUp.addEventListener('submit', async (event) => {
      event.preventDefault()
      say(pickUp, '')
      busy(pickUp, true)
      try {
        const key = await readKey(pickUp.querySelector('[data-opening-key]'))
        if (await nameOf(key) !== pickUp.dataset.keyId) throw new Problem(pickUp.dataset.otherKey)
        if (pickUp.querySelector('[data-signing-key]')) {
          await signed(pickUp, pickUp.querySelector('[data-document]').textContent)
        }
        const answer = await fetch(pickUp.action, {
          method: 'POST', body: new FormData(pickUp), headers: { Accept: 'application/json' }
        })
        if (!answer.ok) throw new Problem(answer.status === 403 ? pickUp.dataset.prove : pickUp.dataset.refused)
        const given = await answer.json()
        await show(given, key)
      } catch (error) {
        say(pickUp, error instanceof Problem ? error.message : pickUp.dataset.failed)
        busy(pickUp, false)
      }
    })
  }

  async function show (given, key) {
    const opened = document.getElementById('opened')
    const kept = document.getElementById('keep-sealed')
    kept.href = URL.createObjectURL(new Blob([JSON.stringify(given)], { type: 'application/json' }))
    kept.download = `${given.handle}.package.json`
    pickUp.hidden = true
    opened.hidden = false
    document.querySelector('#acknowledge [name=digest]').value = await sha256(text.encode(given.jwe))
    let address
    try { address = await open(key, given) } catch {
      document.getElementById('not-opened').hidden = false
      document.getElementById('not-opened').focus()
      return
    }
    for (const [name, value] of Object.entries(address)) {
      const place = document.querySelector(`[data-address="${name}"]`)
      if (!place || !value) continue
      place.textContent = value
      place.parentElement.hidden = false
    }
    document.getElementById('address').hidden = false
    document.getElementById('acknowledge').hidden = false
    document.getElementById('address').focus()
  }
}
