package inventory

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// shippedClasses is the dictionary that the program is shipped with.
func shippedClasses(t *testing.T, more ...File) Dictionary {
	t.Helper()
	data, err := os.ReadFile("../configs/" + ClassesFile)
	if err != nil {
		t.Fatal(err)
	}
	dict, err := ParseClasses(append([]File{{Name: ClassesFile, Data: data}}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	return dict
}

// named are columns as portals, departments, counties and disclosure platforms
// call them, with the class that a person would give them.
const named = `
动态要闻: 时政要闻 国务院要闻 本市要闻 部门动态 县区动态 乡镇动态 街镇动态 图片新闻 视频新闻 工作动态 工作动态--日常工作动态 工作动态--工作简报 财政动态 统计动态 环保动态 审计动态 市场监管动态 政务动态 媒体聚焦 行业动态 基层动态 三农动态 今日头条 新闻中心--本地新闻 党建工作 领导动态--工作信息 退役军人动态 人社动态 要闻订阅 民政要闻 部门街道--街道动态 信访工作动态 应急动态 交通快讯
通知公告: 通知公告 公告公示 公示公告 工作动态--通知公告公示 通知 通告 公告栏 招标公告 中标公示 采购公告 公示信息 交易公告 政府采购 产权交易 结果公示 土地使用权 规划公示 环评公示 听证公告 拍卖公告 通报 通知公示 考核结果公示
政策文件: 政策文件 市政府文件 市政府办公室文件 规范性文件 政策法规 法律法规 政府规章 地方性法规 部门文件 上级文件 惠企政策 政府令 规章库 行政规范性文件 国务院文件 政策订阅 政策库 政府文件--市政发 法定主动公开内容--法规文件 其他文件 政策措施
政策解读: 政策解读 图解政策 一图读懂 文件解读 解读回应--专家解读 媒体解读 政策问答 上级政策解读 规范性文件解读 政策图解 部门解读
人事: 人事任免 人事信息 公务员招考 招考录用 任前公示 招聘公告 事业单位招聘 人事考试 干部任前公示 公开招聘 人才引进 人事招考 职称评审 公务员招录公告 人事任免--市政府
规划计划: 规划计划 专项规划 十四五规划 工作计划 政府工作报告 发展规划 工作总结 计划总结 规划信息 总体规划 国民经济和社会发展规划
会议: 工作动态--部门会议信息 重大会议信息 政府常务会议 常务会议 政府全体会议 会议公开 重大会议信息--常务会议 局务会议 会议信息 政府会议 会议纪要
建议提案: 建议提案 建议提案办理 人大代表建议 政协提案 建议提案--人大建议 议案办理 提案办理 代表建议办理 委员提案办理
领导信息: 领导信息 领导之窗 领导活动 领导分工 市长活动 领导讲话 政府领导 领导简介 领导之窗--副市长
财政信息: 财政信息 财政预决算 部门预算 三公经费 预决算公开 政府决算 财政资金 专项资金 预决算--部门决算 财政收支
数据发布: 统计信息 统计公报 统计数据 数据发布 数据解读 统计年鉴 经济运行 数据开放 月度数据
重点领域: 重点领域信息公开 食品药品监管 稳岗就业 义务教育 涉农补贴 社会救助 公共文化服务 应急管理 生态环境 重大建设项目 公共资源交易 征地补偿 保障性住房 养老服务 安全生产 农村危房改造 户籍管理 国土空间规划 公共法律服务 卫生健康 重点领域--政府采购 就业创业 住房保障 环境质量 行政事业性收费 税收管理 社会保险 乡村振兴 救灾 重大项目
其他: 政府公报 行政执法公示 工作动态--双公示 权责清单 机构职能 信息公开指南 信息公开年报 依申请公开 优化营商环境 办事指南 意见征集 在线访谈 行政许可 行政处罚 内设机构 市长信箱 专题专栏 下载中心 政府信息公开制度 双随机一公开 回应关切 县情概况
`

func TestClassify(t *testing.T) {
	dict := shippedClasses(t)
	right, all := 0, 0
	var wrong []string
	for line := range strings.Lines(strings.TrimSpace(named)) {
		class, names, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if !slices.Contains(Classes(), Class(class)) {
			t.Fatalf("%s is no class", class)
		}
		for _, name := range strings.Fields(names) {
			all++
			if got := dict.Classify(name); got.Class == Class(class) {
				right++
			} else {
				wrong = append(wrong, fmt.Sprintf("%s: got %s by %q, want %s", name, got.Class, got.Word, class))
			}
		}
	}
	if all < 120 || right*100 < all*90 {
		t.Errorf("%d of %d names right, want 9 in 10 of at least 120\n%s", right, all, strings.Join(wrong, "\n"))
	}
	t.Logf("%d of %d names right\n%s", right, all, strings.Join(wrong, "\n"))
}

func TestClassifySaysHowSure(t *testing.T) {
	dict := shippedClasses(t)
	tests := []struct {
		path string
		want Guess
	}{
		{"通知公告", Guess{ClassNotice, "通知公告", sureByName}},
		{"【通知 公告】", Guess{ClassNotice, "通知公告", sureByName}},
		{"财政动态", Guess{ClassNews, "动态", sureByName}},
		{"规范性文件--2023年", Guess{ClassPolicy, "规范性文件", sureByGroup}},
		{"政府采购", Guess{ClassNotice, "政府采购", sureByWeak}},
		{"重点领域--政府采购", Guess{ClassKeyArea, "重点领域", sureByGroup}},
		{"蓝天", Guess{ClassOther, "", sureByNone}},
		{"", Guess{ClassOther, "", sureByNone}},
	}
	for _, tt := range tests {
		if got := dict.Classify(tt.path); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.path, got, tt.want)
		}
	}
}

func TestCityOverridesAndExtendsTheClasses(t *testing.T) {
	dict := shippedClasses(t, File{Name: ClassesFile, Data: []byte("- class: 重点领域\n  words: [政府采购, 蓝天保卫]\n- class: 通知公告\n  words: [任前公示]\n")})
	for path, want := range map[string]Class{"政府采购": ClassKeyArea, "蓝天保卫战": ClassKeyArea, "干部任前公示": ClassPersonnel, "任前公示": ClassNotice, "通知公告": ClassNotice} {
		if got := dict.Classify(path); got.Class != want {
			t.Errorf("%s: got %s by %q, want %s", path, got.Class, got.Word, want)
		}
	}
}

func TestClassesSayWhatIsWrong(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"an unknown class", "- class: 动态\n  words: [动态]\n", `classes.yaml:1:10: class is unknown: "动态"`},
		{"a word of two classes", "- class: 通知公告\n  words: [公示]\n- class: 其他\n  words: [公示]\n", `classes.yaml:4:11: the word "公示" is taken by classes.yaml:2`},
		{"a word twice in one class", "- class: 通知公告\n  words: [公示]\n  weak: [公 示]\n", "classes.yaml:3:10: the word"},
		{"no words", "- class: 通知公告\n", `classes.yaml:1:3: key "words" is missing`},
		{"an unknown key", "- class: 通知公告\n  word: [公示]\n", "classes.yaml:2:3: unknown key"},
		{"a word of nothing", "- class: 通知公告\n  words: [\"--\"]\n", "holds no letter"},
		{"no list", "class: 通知公告\n", "where a list is wanted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseClasses(File{Name: ClassesFile, Data: []byte(tt.text)})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestWordsAreSortedAndStrong(t *testing.T) {
	words := shippedClasses(t).Words()
	if !slices.IsSorted(words) || slices.Contains(words, "产权交易") || !slices.Contains(words, "公告") {
		t.Errorf("got %d words, want them sorted, without the weak ones", len(words))
	}
}
