package extract

// A Class names what went wrong with one page. Every way in which a fetch can
// fail has one; the table below maps each to the reason people are shown.
type Class string

// The classes, by layer.
const (
	ClassDNSNotFound  Class = "dns_nxdomain"
	ClassDNSTemporary Class = "dns_temp"
	ClassDNSTimeout   Class = "dns_timeout"

	ClassRefused     Class = "conn_refused"
	ClassReset       Class = "conn_reset"
	ClassTimeout     Class = "timeout"         // connect, first byte or whole page
	ClassTooSlow     Class = "too_slow"        // under the least rate
	ClassUnreachable Class = "net_unreachable" // no route
	ClassCutBody     Class = "unexpected_eof"
	ClassEgress      Class = "egress_denied" // our own policy forbids the address
	ClassOurs        Class = "local_limit"   // our descriptors, ports or network

	ClassTLS        Class = "tls"
	ClassTLSExpired Class = "tls_expired"
	ClassTLSName    Class = "tls_name"
	ClassTLSUnknown Class = "tls_unknown_ca"

	ClassStatus5xx       Class = "http_5xx"
	ClassStatus4xx       Class = "http_4xx"
	ClassNotFound        Class = "http_404" // 404 and 410
	ClassForbidden       Class = "http_403" // 401, 403, 405 to a plain GET, 451
	ClassTooMany         Class = "http_429"
	ClassUnexpected      Class = "http_unexpected" // 204, a 304 nobody asked for, 1xx
	ClassMalformed       Class = "http_malformed"
	ClassHeaderTooLarge  Class = "header_too_large"
	ClassBodyTooLarge    Class = "body_too_large"
	ClassEmptyBody       Class = "empty_body"
	ClassBadEncoding     Class = "encoding_corrupt"
	ClassNoSuchEncoding  Class = "encoding_unsupported"
	ClassRedirectLoop    Class = "redirect_loop"
	ClassRedirectInvalid Class = "redirect_invalid"
	ClassForeign         Class = "redirect_foreign" // off the site's hosts
	ClassURLInvalid      Class = "url_invalid"

	ClassChallenge Class = "anti_bot" // 412, 512, 521 and their scripts
	ClassRobots    Class = "robots_denied"
	ClassCircuit   Class = "circuit_open" // the host failed too often this round
	ClassBudget    Class = "budget"       // the subject asked for too many pages
	ClassNoBrowser Class = "no_browser"   // a rendered page was wanted, none at hand
	ClassRender    Class = "render"       // our browser could not show the page

	ClassLogin   Class = "login_wall"    // redirected to a log-in page, on whatever host
	ClassTooDeep Class = "html_too_deep" // nested deeper than a page can be parsed

	ClassDeadline Class = "deadline" // what a round may spend on a platform is spent
	ClassNotNow   Class = "not_now"  // outside of the hours in which a platform may be asked
)

// StatusClass returns what the status of a response says went wrong, "" below 400.
func StatusClass(status int) Class {
	switch status {
	case 401, 403, 405, 451:
		return ClassForbidden
	case 404, 410:
		return ClassNotFound
	case 407:
		return ClassOurs
	case 408:
		return ClassTimeout
	case 412, 512, 521: // 瑞数, 加速乐
		return ClassChallenge
	case 429:
		return ClassTooMany
	}
	switch {
	case status >= 500:
		return ClassStatus5xx
	case status >= 400:
		return ClassStatus4xx
	}
	return ""
}

// Reason is the reason of an unread outcome, as people see it.
type Reason string

// The reasons, in the order in which lists show them.
const (
	ReasonDown      Reason = "down"       // 无法访问
	ReasonBlocked   Reason = "blocked"    // 访问被拦截
	ReasonGone      Reason = "gone"       // 页面失效
	ReasonLost      Reason = "lost"       // 页面改版，采集规则待更新
	ReasonScript    Reason = "script"     // 需要浏览器渲染
	ReasonUndated   Reason = "undated"    // 未识别到日期
	ReasonPartial   Reason = "partial"    // 未能读全
	ReasonRobots    Reason = "robots"     // 协议不允许
	ReasonNotLooked Reason = "not-looked" // 本次未巡查
)

// Reason maps a class to the reason shown. A class that is not in the table, as
// from a newer store, is down: never a statement about the column.
func (c Class) Reason() Reason {
	if r, ok := reasonOf[c]; ok {
		return r
	}
	return ReasonDown
}

// reasonOf is the one table from classes to reasons; it is never written to.
// What is missing is down.
var reasonOf = map[Class]Reason{
	ClassNotFound:     ReasonGone,
	ClassForeign:      ReasonGone,
	ClassStatus4xx:    ReasonGone,
	ClassForbidden:    ReasonBlocked,
	ClassTooMany:      ReasonBlocked,
	ClassChallenge:    ReasonBlocked,
	ClassRobots:       ReasonRobots,
	ClassBudget:       ReasonPartial,
	ClassNoBrowser:    ReasonScript,
	ClassRender:       ReasonScript,
	ClassLogin:        ReasonBlocked,
	ClassTooDeep:      ReasonLost,
	ClassOurs:         ReasonNotLooked,
	ClassEgress:       ReasonNotLooked,
	ClassDeadline:     ReasonNotLooked,
	ClassNotNow:       ReasonNotLooked,
	ClassURLInvalid:   ReasonLost,
	ClassUnexpected:   ReasonLost,
	ClassBodyTooLarge: ReasonLost,
}
