import * as between from './between.ts'
import type { Data } from './rights-fixture.ts'

// The recorded exchanges in the order in which they were recorded, as far as their contents tell it, and between them
// what the recorder did without recording it.
export type Step = string | ((data: Data, now: number) => void)

export const scenario: Step[] = [
  // Authentication, errors, URLs
  `auth-none-user auth-none-superuser auth-none-post auth-malformed-header auth-invalid-token auth-invalid-token-short auth-invalid-token-post
   auth-expired-token auth-expired-token-user auth-expired-token-post auth-disabled-user-token auth-basic-password auth-nonsuper-users
   auth-super-without-superscope auth-reposcope-user auth-reposcope-repo-create auth-public-repo-anonymous auth-public-repo-invalid-token
   auth-private-repo-anonymous user-get user-get-reposcope
   err-unknown-endpoint err-method-not-allowed err-method-not-allowed-post err-org-create-no-slash err-trailing-slash-extra
   err-trailing-slash-missing err-empty-body err-empty-json err-invalid-json err-wrong-type
   http-head-user http-options browser-no-xhr browser-xhr
   error-type-exceeds_license error-type-expired_token error-type-external_service_timeout error-type-fresh_login_required
   error-type-insufficient_scope error-type-invalid_response error-type-invalid_token error-type-not_found error-type-tag_immutable
   error-type-unknown registry-capabilities signin-noauth`,
  // Superusers: accounts
  `su-users-list su-users-list-enabled-only su-users-list-limit0 su-users-list-limit2-page1 su-users-list-limit2-page2 su-users-list-limit50
   su-users-list-limit100 su-users-list-limit-bad su-users-list-badtoken su-users-list-globalreadonly
   su-user-create su-user-get su-user-create-noemail su-user-create-invalid-email su-user-create-duplicate su-user-create-duplicate-email
   su-user-create-invalid-name su-user-create-short-name su-user-create-nonsuper su-user-create-globalreadonly`,
  between.makeDave,
  `su-user-get-org su-user-get-nonsuper su-user-put-email su-user-put-password su-user-put-password-short su-user-put-disable
   su-user-get-disabled su-user-put-enable su-user-put-badtype su-user-put-superuser su-user-put-email-conflict su-user-delete
   su-user-delete-again su-user-get-after-delete su-user-create-deleted-name su-user-delete-superuser su-user-delete-missing
   su-user-delete-expired-token users-get users-get-self users-get-missing users-get-org users-get-robot`,
  // Superusers: organisations, quotas
  `su-orgs-list su-orgs-list-limit2-page1 su-orgs-list-limit2-page2`,
  between.makeTemporaryOrganizations,
  `su-org-put-rename su-org-put-rename-conflict su-org-put-invalid-name su-org-put-missing su-org-put-empty su-org-put-email-ignored
   su-org-put-nonsuper su-org-get-unsupported su-org-delete-nonsuper su-org-delete su-org-delete-missing
   su-org-quota-list su-org-quota-list-empty su-org-quota-list-missing-org su-org-quota-create-limit-string su-org-quota-create-missing-org
   su-quota-nonsuper su-quota-post-nonsuper`,
  between.giveOrgtmp2Quota,
  `su-org-quota-put-missing su-org-quota-delete su-org-quota-delete-missing
   su-user-quota-list su-user-quota-create su-user-quota-list-one su-user-quota-put su-user-get-with-quota
   su-takeownership-nonsuper su-takeownership-org su-takeownership-org-withbody su-takeownership-superuser su-takeownership-user
   su-user-get-after-takeownership`,
  // Superusers: the installation
  `su-keys su-keys-create su-config su-changelog su-apptokens su-build su-build-status su-build-logs su-build-missing su-mirror-health
   su-registrysize su-registrysize-queue su-registrysize-queue-again su-registrysize-after su-registrystatus
   messages message-create message-create-bad message-create-nonsuper messages-after message-delete`,
  between.logsOfTheFirstMinutes,
  `su-logs-nodates su-logs-isodates su-logs-page2-param su-logs-badtoken su-logs-reversed su-logs-oldrange-page01
   su-logs-widerange-page01 su-logs-widerange-page02 su-logs-widerange-page03 su-logs-nonsuper su-aggregatelogs su-aggregatelogs-nonsuper
   user-logs-page01 user-logs-page02 org-aggregatelogs repo-aggregatelogs repo-logs-page01 repo-logs-page02
   org-logs-performer org-logs-performer-missing org-logs-missing-org org-logs-nonadmin
   org-exportlogs-email org-exportlogs-url org-exportlogs-none org-exportlogs-bademail org-exportlogs-badurl repo-exportlogs user-exportlogs`,
  // Organisations
  `org-get org-get-missing org-get-member-nonadmin org-get-anonymous org-create org-create-noemail org-create-duplicate-email
   org-create-missing-name org-create-short-name org-create-username-taken org-create-nonsuper org-get-new org-get-nonmember org-name-uppercase
   org-put org-put-full org-put-bad-tagexp org-put-missing org-put-nonadmin org-members org-members-nonadmin org-member-get
   org-member-get-missing org-collaborators org-robots-empty
   team-create team-create-admin team-create-minimal team-create-bad-name team-create-bad-role team-create-missing-org team-create-nonadmin
   team-update team-update-role-only team-update-owners-role team-get-unsupported`,
  between.makeBot0,
  `team-member-add team-member-add-again team-member-add-emptybody team-member-add-robot team-member-add-foreign-robot
   team-member-add-missing-user team-member-add-missing-team team-members team-members-pending team-members-empty team-members-missing
   team-members-nonadmin team-permissions team-permissions-empty teamsync-members-synced teamsync-post-dbauth teamsync-post-dbauth-empty
   teamsync-post-missing-team teamsync-post-nonadmin teamsync-delete-dbauth
   org-robot-create org-robot-create-minimal org-robot-create-nobody org-robot-create-dash org-robot-create-duplicate
   org-robot-create-missing-org org-robot-create-nonadmin org-robot-create-shortname org-robots org-robots-limit org-robots-member
   org-robots-nonmember org-robots-notoken org-robots-permissions org-robot-get org-robot-get-missing org-robot-permissions
   org-robot-permissions-missing org-robot-federation-get org-robot-federation-post org-robot-federation-delete org-robot-regenerate
   org-robot-delete org-robot-delete-again org-robot-delete-nonadmin robot-token-as-bearer
   team-member-delete team-member-delete-again team-member-delete-missing-user team-member-delete-last-owner team-delete team-delete-again
   team-delete-owners team-delete-nonadmin org-member-delete org-member-delete-again
   org-prototypes-nonadmin org-prototype-create-user org-prototype-create-robot org-prototype-create-missing org-prototype-create-bad-role
   org-prototype-create-bad-delegate org-prototype-create-bad-activating org-prototype-update org-prototype-update-missing
   org-prototype-delete org-prototype-delete-again
   org-apps org-apps-nonadmin org-app-create org-app-create-minimal org-app-create-missing org-app-get org-app-get-missing org-app-put
   app-info org-app-resetsecret org-app-tokens-list org-app-token-create org-app-tokens-list-after org-app-delete
   org-quota-list org-quota-list-nonadmin org-quota-list-empty org-quota-create org-quota-create-duplicate org-quota-create-neg
   org-quota-create-nonsuper org-quota-get org-quota-put-limit org-quota-limit-create org-quota-limit-create-reject
   org-quota-limit-create-dup org-quota-limit-list org-quota-limit-put org-quota-limit-delete org-quota-limit-get-missing
   org-get-with-quota org-quota-delete org-quota-delete-missing
   org-autoprune-list-empty org-autoprune-create-number org-autoprune-create-date org-autoprune-create-pattern org-autoprune-create-duplicate
   org-autoprune-create-bad-method org-autoprune-create-bad-value org-autoprune-create-bad-date org-autoprune-create-zero
   org-autoprune-create-missing org-autoprune-list org-autoprune-get org-autoprune-put org-autoprune-put-missing org-autoprune-delete
   org-autoprune-delete-again org-autoprune-nonadmin org-immutability-create org-immutability-list org-immutability-delete
   org-notifications`,
  between.makeCacheOrganization,
  `org-proxycache-get org-proxycache-get-none org-proxycache-get-missing-org org-proxycache-nonadmin org-proxycache-create-missing
   org-proxycache-create-unresolvable org-proxycache-create org-proxycache-get-new org-proxycache-create-duplicate org-proxycache-get-creds`,
  between.dropProxyCache,
  `org-proxycache-delete-again org-proxycache-create-minimal org-proxycache-get-minimal
   org-delete-nonadmin org-delete org-delete-again`,
  between.makeFreshOrganization,
  `org-delete-with-repos org-create-after-delete-same-name`,
  // Repositories
  `repo-list-empty-namespace repo-get repo-get-notags repo-get-stats repo-get-mirror-state repo-get-readonly-state repo-create-private repo-create-public
   repo-create-own-namespace repo-create-kind-image repo-create-kind-application repo-create-duplicate repo-create-bad-visibility
   repo-create-invalid-name repo-create-missing-description repo-create-missing-namespace repo-create-missing-repository repo-create-noscope
   repo-get-new-empty repo-get-missing repo-get-missing-nonmember repo-get-private-nonmember repo-get-public-nonmember repo-list-namespace
   repo-list-namespace-full repo-list-missing-namespace repo-list-nonmember repo-list-public repo-list-public-anonymous
   repo-list-scope-org-admin repo-list-scope-repo-read repo-list-scope-super-user repo-list-scope-user-read repo-list-wrong-scope
   repo-put-description repo-put-missing repo-put-nonmember large-json-unicode-description path-percent-encoded-slash
   repo-changevisibility-public repo-changevisibility-private repo-changevisibility-bad repo-changevisibility-missing
   repo-changestate-readonly repo-get-after-readonly repo-changestate-normal repo-changestate-mirror repo-tokens repo-signatures
   repo-delete-nonadmin repo-delete repo-delete-again repo-get-after-delete repo-delete-missing-nonadmin repo-create-after-delete-same-name
   repo-perm-user-list repo-perm-user-list-nonadmin repo-perm-user-list-missing-repo-nonadmin repo-perm-user-put repo-perm-user-put-update
   repo-perm-user-put-robot repo-perm-user-put-foreign-robot repo-perm-user-put-missing-robot repo-perm-user-put-missing-user
   repo-perm-user-put-bad-role repo-perm-user-put-self-owner-userns repo-perm-user-get repo-perm-user-get-none
   repo-perm-user-get-missing-user repo-perm-user-list-after repo-perm-user-transitive repo-perm-user-transitive-robot
   repo-perm-user-transitive-none repo-perm-user-transitive-missing repo-perm-user-transitive-org repo-perm-user-transitive-owner
   robot-path-percent-encoded-plus org-robot-permissions-after
   repo-perm-team-list repo-perm-team-put repo-perm-team-put-bad-role repo-perm-team-put-missing-team repo-perm-team-get
   repo-perm-team-get-none repo-perm-team-get-missing repo-perm-team-list-after repo-perm-team-list-userns team-permissions-after
   repo-perm-user-delete repo-perm-user-delete-again repo-perm-user-delete-missing-user repo-perm-team-delete repo-perm-team-delete-again
   repo-autoprune-list-empty repo-autoprune-create repo-autoprune-create-duplicate repo-autoprune-create-bad repo-autoprune-get
   repo-autoprune-put repo-autoprune-delete repo-autoprune-get-missing`,
  between.fillTiti,
  `repo-list-paged-page1 repo-list-paged-page2 repo-list-paged-page3 repo-list-paged-badtoken`,
  // Tags, labels, manifests, security
  `tags-list tags-list-active tags-list-latest tags-list-specific tags-list-empty-repo tags-list-page1 tags-list-page2 tags-list-page-last
   tags-list-page-beyond tags-list-limit0 tags-list-limit1000 tags-list-limit-bad tags-list-filter-eq tags-list-filter-like
   tags-list-filter-bad tag-pullstats`,
  between.pushNewtag,
  `tag-put-move tag-put-bad-digest tag-put-malformed-digest tag-put-bad-name tag-put-nonwriter tag-put-missing tag-put-empty-body-new-tag
   tag-put-empty-body-new-tag-list tag-put-expiration tags-list-with-expiration tag-put-expiration-clear tag-put-expiration-past
   tag-put-expiration-string tag-put-expiration-missing-tag tag-put-immutable tag-put-move-immutable tag-delete-immutable
   tag-put-immutable-off tag-put-mirror-repo tag-put-readonly-repo tag-delete-mirror-repo tag-delete-missing-repo tag-delete
   tag-delete-again tags-list-after-delete`,
  between.forgetOldNewtags,
  `tag-expire-history tag-expire-history-again tag-expire-history-missing tag-expire-history-missing-field
   tag-restore-missing tag-restore-bad tag-restore
   labels-list labels-list-filter label-create label-create-duplicate label-create-null-media label-create-bad-key label-create-bad-media
   label-create-reserved label-create-expires-after label-get label-get-missing label-delete label-delete-again label-delete-readonly
   labels-list-after manifest-get manifest-get-missing manifest-get-malformed
   security-queued security-failed security-toolarge security-unsupported security-scanned security-scanned-novulns
   security-missing-manifest security-missing-repo`,
  between.breakTheScanner,
  `security-scanner-error-520`,
  between.makeOciRepository,
  `oci-repo-get-tags oci-repo-get-tags-stats oci-manifest-get oci-manifest-get-list oci-labels-list oci-pullstats oci-security-queued
   oci-tag-put-new oci-tag-put-existing-move oci-tag-put-both oci-tags-history oci-tags-specific-history oci-tag-restore
   oci-tag-restore-deleted oci-tag-delete2 oci-tags-after-delete oci-tag-expire-history oci-tags-after-expire oci-tag-put-expiration
   oci-tags-with-expiration oci-tag-put-expiration-clear oci-tags-expiration-cleared oci-tag-expire-alive`,
  // Builds, triggers
  between.makePuller,
  `build-list-empty build-create build-create-full build-create-dockerfile-path build-create-dockerfile-path-nocontext
   build-create-context-only build-create-subdir-and-dockerfile build-create-bad-tag build-create-foreign-robot build-create-empty
   build-create-empty-tags build-create-tags-string build-create-bad-archive-scheme build-create-bad-archive-ipv6 build-create-bad-fileid
   build-create-missing-repo build-create-missing-robot build-create-user-as-robot build-create-mirror-repo build-create-readonly-repo
   build-create-no-trailing-slash build-get build-get-full build-get-missing build-get-otherrepo build-status build-status-missing
   build-list build-list-limit1 build-list-limit100 build-list-bad-limit build-list-since build-list-missing-repo
   build-list-no-trailing-slash build-list-with-trigger`,
  between.startBuilding,
  `build-get-building build-status-building build-logs build-logs-start2 build-logs-start-beyond build-logs-reader build-cancel-running
   build-cancel-nonadmin build-cancel-missing build-cancel-queued build-cancel-again build-get-after-cancel filedrop`,
  between.fillTheBuildQueue,
  `build-create-rate-limited-429`,
  between.freeTheBuildQueue,
  `trigger-list trigger-list-empty trigger-get trigger-builds trigger-disable trigger-enable trigger-start trigger-delete
   trigger-delete-again`,
  // Mirrors
  between.makeMirrorRepositories,
  `mirror-get-populated mirror-get-trailing-slash mirror-get-none mirror-put-none mirror-syncnow-none mirror-get-mirrorstate-noconfig
   mirror-get-nonadmin mirror-create-nonadmin mirror-create-bad-date mirror-create-bad-interval mirror-create-neg-interval
   mirror-create-bad-reference-private mirror-create-bad-reference-scheme mirror-create-bad-reference-unresolvable
   mirror-create-bad-rule-kind mirror-create-rule-string mirror-create-empty-rule mirror-create-date-millis mirror-create-date-null
   mirror-create-date-offset mirror-create-low-timeout mirror-create-foreign-robot mirror-create-missing-external_reference
   mirror-create-missing-robot-account mirror-create-missing-robot_username mirror-create-missing-root_rule
   mirror-create-missing-skopeo_timeout_interval mirror-create-missing-sync_interval mirror-create-missing-sync_start_date
   mirror-create-missing-repo mirror-create-user-as-robot mirror-create-normal-state mirror-get repo-get-after-mirror-create
   mirror-create-extended mirror-get-extended mirror-create-disabled mirror-get-created-disabled mirror-create-reference-with-tag-accepted
   mirror-synccancel-none mirror-syncnow mirror-get-after-syncnow mirror-syncnow-again mirror-synccancel mirror-get-after-cancel
   mirror-put-disable mirror-syncnow-disabled mirror-get-disabled mirror-put-enable mirror-put-interval mirror-put-rule
   mirror-put-reference mirror-put-robot mirror-put-robot-missing mirror-put-username-only mirror-put-password-only
   mirror-put-null-user-with-password mirror-put-config mirror-put-date-millis mirror-put-low-timeout mirror-put-empty`,
  between.dropMirrorUser,
  `mirror-get-after-puts delete-unknown-subpath-answers-204 mirror-get-after-delete-attempt mirror-health-repo`,
  // Notifications
  `notif-list-empty notif-list-missing-repo notif-create-webhook-repo_push notif-create-slack-repo_push notif-create-webhook-build_queued
   notif-create-slack-build_queued notif-create-webhook-build_start notif-create-slack-build_start notif-create-webhook-build_success
   notif-create-slack-build_success notif-create-webhook-build_failure notif-create-webhook-build_cancelled
   notif-create-slack-build_cancelled notif-create-webhook-vulnerability_found notif-create-slack-vulnerability_found
   notif-create-webhook-repo_mirror_sync_started notif-create-webhook-repo_mirror_sync_success notif-create-slack-repo_mirror_sync_success
   notif-create-webhook-repo_mirror_sync_failed notif-create-slack-repo_mirror_sync_failed notif-create-webhook-repo_image_expiry
   notif-create-slack-repo_image_expiry notif-create-bad-event notif-create-bad-method notif-create-bad-template notif-create-bad-url
   notif-create-localhost-url notif-create-missing-config notif-create-missing-eventconfig notif-create-missing-url
   notif-create-slack-missing-url notif-create-missing-repo notif-create-nonadmin notif-create-email-unauthorized
   notif-create-quay-unknown-user notif-create-quay-user notif-create-quay-team notif-create-no-title notif-create-expiry-nodays
   notif-create-vuln-nolevel notif-create-build-filter notif-create-template notif-list notif-get notif-get-missing notif-test
   notif-test-missing notif-reset notif-reset-missing notif-delete-nonadmin notif-create-todelete notif-delete notif-delete-again
   notif-list-after`,
  between.failThreeTimes,
  `notif-get-after-three-failures notif-list-with-disabled notif-test-disabled notif-reset-after-failure`,
  // Mirrors of organisations, search
  between.makeOrgtmp2Robot,
  `orgmirror-get-none orgmirror-create-empty orgmirror-create orgmirror-get orgmirror-repositories orgmirror-syncnow
   entities entities-anon entities-namespace entities-none find-all-empty find-all-noquery find-repositories-anon find-repositories-paged`,
  // The caller
  `user-robots user-robots-permissions user-robot-permissions user-robot-create user-robot-get user-robot-get-missing user-robot-regenerate
   user-robot-delete user-robot-delete-again user-star-again user-star-missing user-unstar user-unstar-again user-quota
   user-quota-randomuser user-autoprune-list user-notifications user-notifications-all user-notifications-limit user-notifications-page2
   user-notification-get user-notification-dismiss user-apptokens user-apptoken-create user-apptoken-get user-apptoken-get-missing
   user-apptoken-delete user-authorizations user-clientkey user-create-selfservice
   user-create-selfservice-noauth user-initialize user-put user-put-password-weak user-put-email bearer-lowercase user-put-username su-user-disable-fresh
   token-of-disabled-user token-of-disabled-user-post`,
  // With LDAP
  between.useDirectory,
  `ldap-su-user-create ldap-su-user-put-email ldap-su-user-put-disable ldap-entities-external ldap-team-members-before
   ldap-teamsync-post-nonadmin ldap-teamsync-post-missing-org ldap-teamsync-post-missing-team ldap-teamsync-post-nobody
   ldap-teamsync-post-empty ldap-teamsync-post-group-id ldap-teamsync-post-bad-dn ldap-teamsync-post-absolute-dn
   ldap-teamsync-post-missing-group ldap-teamsync-post ldap-teamsync-post-again ldap-org-get-synced ldap-team-member-add-synced
   ldap-team-member-delete-synced ldap-team-member-add-robot-synced ldap-team-update-synced ldap-link-external-user
   ldap-link-external-user-missing ldap-team-member-add-after-link ldap-teamsync-delete-nonadmin ldap-teamsync-delete-missing-team
   ldap-teamsync-delete ldap-teamsync-delete-again ldap-team-members-after-unsync ldap-teamsync-delete-nosuperscope`,
  between.useDatabase,
  // Features off
  between.switchFeaturesOff,
  `off-su-users-list off-su-user-create off-su-logs off-org-get off-org-get-private-other off-org-quota-list off-aggregatelogs
   off-exportlogs off-apptokens off-autoprune-list off-autoprune-create off-repo-autoprune-list off-proxycache-get off-teamsync-post
   off-teamsync-delete off-mirror-create off-mirror-put off-repo-changestate-mirror off-security off-tag-expiration off-tag-expire
   off-build-create off-build-list off-notif-create-build off-anon-public-repo off-anon-repo-list`,
  between.switchFeaturesOn,
  // Read-only
  between.makeReadOnly,
  `readonly-user-get readonly-su-users-list readonly-logs readonly-org-create readonly-repo-create readonly-repo-delete
   readonly-su-user-create readonly-tag-put`,
  between.makeWritable,
  // Superusers without full access
  between.withoutFullAccess,
  `nofullaccess-su-users-list nofullaccess-su-orgs-list nofullaccess-org-get-other nofullaccess-org-put-other
   nofullaccess-org-quota-create nofullaccess-repo-get-other nofullaccess-repo-create-other-namespace
   nofullaccess-repo-create-missing-namespace nofullaccess-repo-delete-missing nofullaccess-robot-create-other
   nofullaccess-team-create-other`,
  between.takeReadersOrganization,
  `nofullaccess-org-logs-other`,
  between.withFullAccess,
  // With MAILING
  between.withMailing,
  `mailing-su-user-create mailing-su-user-create-duplicate-name mailing-su-user-create-duplicate-email mailing-su-user-create-bademail
   mailing-su-user-create-noemail mailing-su-user-get mailing-su-user-put-email-conflict mailing-su-user-sendrecovery
   mailing-org-create-noemail mailing-org-create-duplicate-email mailing-repo-authorizedemail`,
  between.inviteSomeone,
  `mailing-team-members-pending`,
  between.withoutMailing,
  // Account recovery, pushes, the end
  `recovery-user-get recovery-org-get recovery-repo-create`,
  between.pushImages,
  `pushed-repo-get pushed-tags-list pushed-manifest-get pushed-labels pushed-security pushed-tag-retag pushed-tag-retag-response-list
   tag-name-encoded`,
  between.logsOfAFreshServer,
  'su-logs-globalreadonly',
  between.logsOfTheDay,
  `pushed-repo-logs su-logs-page01 su-logs-page02 su-logs-page03 su-logs-page04 su-logs-page05 su-logs-page06 su-logs-page07 su-logs-page08
   su-logs-page09 su-logs-page10 su-logs-page11 su-logs-page12 su-logs-page13 su-logs-page14 su-logs-page15 su-logs-page16 su-logs-page17
   su-logs-page18 su-logs-page19 su-logs-page20 su-logs-page21 su-logs-page22 su-logs-page23 su-logs-page24 su-logs-page25 su-logs-page26
   su-logs-page27 su-logs-page28 su-logs-page29 su-aggregatelogs-later
   org-logs-page01 org-logs-page02 org-logs-page03 org-logs-page04 org-logs-page05 org-logs-page06 org-logs-page07 org-logs-page08
   org-logs-page09 org-logs-page10 org-logs-page11 org-logs-page12`,
  between.deleteReader,
  `token-of-deleted-user-post`,
]
