"""Every address of the gate. A door's name decides in `roles.py` who may open it."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.socialaccount import views as provider_answers
from allauth.usersessions import views as sessions
from django.urls import path, register_converter

from wicketgate.web.accounts import provider
from wicketgate.web.api.addresses import patterns as api
from wicketgate.web.converters import HandleConverter, KeyConverter, NumberConverter
from wicketgate.web.views import account as own_account
from wicketgate.web.views import (
    accounting,
    case,
    deciding,
    determining,
    errors,
    examining,
    health,
    home,
    inspecting,
    keeping_keys,
    objecting,
    ordering,
    overseeing,
    public,
    queue,
    recalling,
    resuming,
    retaining,
    safeguarding,
    saving,
    sending,
    taking,
    trying,
    withdrawing,
    yearly,
)
from wicketgate.web.views.agency import asking, collecting, following, replying, reporting, submissions

_AGENCY = "agency/"
register_converter(HandleConverter, "handle")
register_converter(KeyConverter, "key")
register_converter(NumberConverter, "number")
_CASE = "requests/<handle:handle>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", own_account.passkey_alone, name="mfa_login_webauthn"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-in/cancelled/", provider_answers.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/error/", provider_answers.login_error, name="socialaccount_login_error"),
    path("sign-in/with/<slug:provider_id>/", provider.login, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", provider.callback, name="openid_connect_callback"),
    path("sign-out/", account.logout, name="account_logout"),
    path("prove/password/", account.reauthenticate, name="account_reauthenticate"),
    path("prove/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("prove/passkey/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("prove/done/", home.proved, name="proved"),
    path("account/", own_account.account, name="mfa_index"),
    path("account/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("account/authenticator/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/authenticator/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<number:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("queue/", queue.queue, name="queue"),
    path("queue/next/", queue.next_case, name="next_case"),
    path("queue/views/", saving.save, name="save_view"),
    path("queue/views/<number:pk>/remove/", saving.forget, name="forget_view"),
    path("queue/export.csv", queue.export, name="queue_export"),
    path(_CASE, case.case, name="case"),
    path(_CASE + "receipts/<number:index>/", case.receipt, name="receipt"),
    path(_CASE + "take/", taking.take, name="take"),
    path(_CASE + "give-back/", taking.give_back, name="give_back"),
    path(_CASE + "conflict/", taking.recuse, name="recuse"),
    path(_CASE + "endorse/", examining.endorse, name="endorse"),
    path(_CASE + "return/", examining.return_, name="return"),
    path(_CASE + "refer/", examining.refer, name="refer"),
    path(_CASE + "determine/", determining.determine, name="determine"),
    path(_CASE + "resume/", resuming.resume, name="resume"),
    path(_CASE + "decide/", deciding.decide, name="decide"),
    path(_CASE + "dissent/", objecting.dissent, name="dissent"),
    path(_CASE + "dissents/<number:number>/", objecting.signature, name="dissent_signature"),
    path(_CASE + "answer-dissent/", objecting.answer_dissent, name="answer_dissent"),
    path(_AGENCY + "ask/", asking.ask, name="agency_ask"),
    path(_AGENCY + "requests/", following.requests, name="agency_requests"),
    path(_AGENCY + "requests/export.csv", following.export, name="agency_requests_export"),
    path(_AGENCY + "requests/<handle:handle>/", following.one, name="agency_request"),
    path(_AGENCY + "requests/<handle:handle>/letter.pdf", following.letter, name="agency_letter"),
    path(_AGENCY + "requests/<handle:handle>/receipts.zip", following.receipts, name="agency_receipts"),
    path(_AGENCY + "verify.html", following.verifier, name="agency_verifier"),
    path(_AGENCY + "submissions/", submissions.submissions, name="agency_submissions"),
    path(_AGENCY + "submissions/<number:number>/", submissions.one, name="agency_submission"),
    path(_AGENCY + "submissions/<number:number>/notice.pdf", submissions.notice, name="agency_notice"),
    path(_AGENCY + "submissions/<number:number>/results.csv", submissions.results, name="agency_results"),
    path(_AGENCY + "packages/", collecting.packages, name="agency_packages"),
    path(_AGENCY + "packages/<handle:handle>/", collecting.package, name="agency_package"),
    path(_AGENCY + "packages/<handle:handle>/pick-up/", collecting.pick_up, name="agency_pick_up"),
    path(
        _AGENCY + "packages/<handle:handle>/acknowledge/", collecting.acknowledge, name="agency_acknowledge"
    ),
    path(_AGENCY + "safeguards/", reporting.documents, name="agency_duties"),
    path(_AGENCY + "safeguards/new/<slug:document>/", reporting.hand_in, name="agency_hand_in"),
    path(_AGENCY + "safeguards/<number:number>/", reporting.document, name="agency_document"),
    path("safeguards/documents/", replying.documents, name="handed_in"),
    path("safeguards/documents/<number:number>/", replying.document, name="handed_in_document"),
    path("withdraw/", withdrawing.withdraw, name="withdraw"),
    path("agency/submissions/upload/", sending.send, name="send_file"),
    path("agency/submissions/upload/<number:upload>/", sending.sent, name="sent_file"),
    path("agency/submissions/upload/<number:upload>/steer/", sending.steer, name="steer_file"),
    path(
        "agency/submissions/upload/<number:upload>/<slug:name>/<slug:kind>/", sending.table, name="sent_table"
    ),
    path("capacity/", overseeing.capacity, name="capacity"),
    path("judgement/", overseeing.judgement, name="judgement"),
    path("judgement/plant/", overseeing.plant, name="plant"),
    path("orders/", ordering.orders, name="orders"),
    path("orders/record/", ordering.record, name="record_order"),
    path("orders/<number:number>/lift/", ordering.lift, name="lift_order"),
    path("orders/<number:number>/document/", ordering.document, name="order_document"),
    path("orders/<number:number>/lifting/document/", ordering.lifting_document, name="lifting_document"),
    path("keys/", keeping_keys.book, name="keys"),
    path("keys/register/", keeping_keys.register, name="register_key"),
    path("keys/<key:key>/", keeping_keys.one, name="key"),
    path("recalls/", recalling.recalls, name="recalls"),
    path("recalls/propose/", recalling.propose, name="propose_recall"),
    path("recalls/<number:number>/", recalling.recall, name="recall"),
    path("recalls/<number:number>/start/", recalling.start, name="start_recall"),
    path("recalls/<number:number>/serve/<slug:agency>/", recalling.serve, name="serve_recall"),
    path("recalls/<number:number>/list/<slug:agency>/", recalling.listing, name="recall_list"),
    path("safeguards/", safeguarding.agencies, name="safeguards"),
    path("safeguards/agencies/<slug:agency>/", safeguarding.agency, name="safeguards_agency"),
    path("safeguards/agencies/<slug:agency>/<slug:act>/", safeguarding.keep, name="keep_safeguards"),
    path("safeguards/findings/<number:number>/close/", safeguarding.close, name="close_finding"),
    path("safeguards/incidents/record/", safeguarding.begin, name="begin_incident"),
    path("safeguards/incidents/<number:number>/", safeguarding.incident, name="incident"),
    path("safeguards/incidents/<number:number>/<number:index>/", safeguarding.step, name="incident_step"),
    path("retention/", retaining.retention, name="retention"),
    path("retention/propose/", retaining.propose, name="propose_disposition"),
    path("retention/<number:number>/", retaining.decide, name="dispose"),
    path("retention/hold/", retaining.place, name="place_hold"),
    path("retention/holds/<number:number>/lift/", retaining.lift, name="lift_hold"),
    path("inspect/", inspecting.home, name="inspect"),
    path("inspect/shapes/<slug:shape>/", inspecting.one_shape, name="inspect_shape"),
    path("inspect/shapes/<slug:shape>/export.csv", inspecting.export, name="inspect_export"),
    path("inspect/" + _CASE, inspecting.case, name="inspect_case"),
    path("inspect/" + _CASE + "open/", inspecting.open_, name="inspect_open"),
    path("inspect/" + _CASE + "disclosed/", inspecting.disclosed, name="inspect_disclosed"),
    path("inspect/" + _CASE + "evidence.zip", inspecting.bundle, name="inspect_bundle"),
    path("inspect/what-if/", trying.what_if, name="what_if"),
    path("inspect/reports/", yearly.reports, name="reports"),
    path("inspect/reports/<number:year>/<slug:report>.<slug:form>", yearly.file, name="report_file"),
    path("accounts/", accounting.accounts, name="accounts"),
    path("accounts/ask/", accounting.ask, name="ask_account"),
    path("accounts/<number:number>/decide/", accounting.decide, name="decide_account"),
    path("accounts/<number:number>/letter.pdf", accounting.letter, name="account_letter"),
    path("public/reports/<number:year>.<slug:form>", yearly.public, name="public_report"),
    path("public/", public.english, name="public"),
    path("public/es/", public.spanish, name="public_es"),
    path("public/law/", public.law, name="public_law"),
    path("public/checkpoint", public.checkpoint, name="public_checkpoint"),
    path("public/wicketgate-verify.pyz", public.verify, name="public_verifier"),
    path("public/figures.csv", public.figures, name="public_figures"),
    *api,
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("version", health.version, name="version"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.broken
