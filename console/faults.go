package console

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// faults are what goes wrong with a job, a backup, a message or a visit, by what
// the libraries say of it: the first that fits is said, with what to do. What they
// said themselves stands behind it for whoever has to mend it.
var faults = []struct {
	holds  []string // any of these as whole words, in small letters; a number goes on
	zh, en string
}{
	// What a server answers comes first: it says of a page what others say of a file.
	{[]string{"answers 429", "status 429", "too many requests", "rate limit"}, "对方限制了频率，稍后会再试", "the other side limits how often; it is tried again later"},
	{[]string{"answers 5", "status 5", "internal server error", "bad gateway", "service unavailable", "gateway timeout"}, "对方服务器出错，稍后会再试", "the other server is in trouble; it is tried again later"},
	{[]string{"answers 4", "status 4", "bad request", "401 unauthorized", "403 forbidden", "404 not found"}, "对方不接受请求：请核对地址和密钥", "the request is not accepted: check the address and the key"},
	{[]string{"no space left", "storage full", "the disk is full", "no room", "disk full"}, "磁盘已满：请腾出空间，之后会自动重试", "the disk is full: make room, and it goes on by itself"},
	{[]string{"read-only file system"}, "该位置只读：请以可写方式挂载，或换一个目录", "the place is read-only: mount it so that it can be written to, or choose another folder"},
	{[]string{"permission denied", "operation not permitted"}, "没有权限：请检查所列文件或目录的属主和读写权限", "no right to do so: see to the owner and the rights of what is named"},
	{[]string{"damaged", "checksum", "digest", "out of order", "invalid database", "corrupt", "corrupted"}, "内容损坏：这一份不要再用，请检查磁盘，并用 xuncha data restore 从完好的备份恢复", "it is damaged: use it no more, check the disk, and restore from a sound backup with xuncha data restore"},
	{[]string{"no such file", "not found"}, "文件或目录不在了：请检查路径，外接磁盘是否已挂载", "the file or folder is gone: check the path, and whether its disk is mounted"},
	{[]string{"cancelled", "context canceled"}, "已被取消，或程序当时停止", "it was cancelled, or the program stopped"},
	{[]string{"under way"}, "另一项任务正在进行，完成后再试", "another job is under way; try again after it"},
	{[]string{"the clock"}, "系统时间可疑：请校准服务器时间", "the clock is suspect: set the server's time right"},
	{[]string{"there is nothing at"}, "没有找到通道的地址或密钥：请按 city.yaml 中写的 env:变量名 或 file:/路径 放入", "the channel's address or key is not there: put it where city.yaml says, env:NAME or file:/path"},
	{[]string{"channel's address"}, "通道地址的写法不对：请按该方式的格式重写地址", "the channel's address is not written as its kind asks: write it anew"},
	{[]string{"egress denied"}, "目标地址不允许访问：如属内网，请在 city.yaml 的 allow_private 中写明网段", "the address may not be reached: name its network in allow_private of city.yaml if it is one of yours"},
	{[]string{"certificate", "certificates", "x509", "tls:"}, "对方的安全证书未通过验证：请检查对方证书、本机时间，或在 extra_ca 中加入其证书", "its certificate does not hold: check it and this machine's time, or name it in extra_ca"},
	{[]string{"no such host", "server misbehaving", "dns"}, "域名无法解析：请检查域名和本机的 DNS 设置", "its name is not found: check the name, and the DNS of this machine"},
	{[]string{"connection refused", "actively refused"}, "对方拒绝连接：请检查地址和端口，对方服务可能未运行", "the connection is refused: check address and port; its server may be down"},
	{[]string{"network is unreachable", "no route to host"}, "网络不通：请检查本机的网络和路由", "there is no way there: check this machine's network"},
	{[]string{"timeout", "timeouts", "deadline exceeded", "timed out"}, "等待超时：对方太慢或网络不通，稍后会再试", "it took too long: the other side is slow or out of reach; it is tried again later"},
	{[]string{"connection reset", "broken pipe", "eof"}, "连接中断：对方或途中的设备断开了连接，稍后会再试", "the connection broke off; it is tried again later"},
	{[]string{"authentication", "auth", "535 ", "password"}, "对方不接受用户名或密码：请更正通道地址中的用户名和密码", "the user name or password is not accepted: correct it in the channel's address"},
	{[]string{"钉钉 refuses", "refuses the message", "refused the message", "errcode", "sign", "signature"}, "对方收到但拒绝了消息：请核对群机器人的地址、密钥和安全设置（关键词、IP 白名单）", "the message was refused: check the robot's address, key and security settings"},
	{[]string{"may have been taken"}, "不确定对方是否收到：为免重复不再自动发送，可在群里或邮箱中核实", "it may have been taken: it is not sent twice; look whether it arrived"},
	{[]string{"is not kept"}, "判定所依据的内容已不在：请用 xuncha data verify 检查数据文件", "what it rests on is not kept: check the store with xuncha data verify"},
}

// faultWord is what went wrong and what to do, of what a library or the program
// said of it.
func faultWord(text, lang string) string {
	small := strings.ToLower(text)
	for _, f := range faults {
		for _, part := range f.holds {
			if says(small, part) {
				return sayer(lang)(f.zh, f.en)
			}
		}
	}
	return sayer(lang)("没有成功：请把技术详情交给运维人员", "it did not succeed: hand the details to whoever runs the program")
}

// says reports whether a text holds a phrase that is not a piece of longer words.
func says(text, phrase string) bool {
	first, _ := utf8.DecodeRuneInString(phrase)
	last, _ := utf8.DecodeLastRuneInString(phrase)
	for at := 0; ; {
		i := strings.Index(text[at:], phrase)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at+i])
		after, _ := utf8.DecodeRuneInString(text[at+i+len(phrase):])
		if !(latinLetter(before) && latinLetter(first)) && !(latinLetter(after) && latinLetter(last)) {
			return true
		}
		at += i + len(phrase)
	}
}

func latinLetter(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }
