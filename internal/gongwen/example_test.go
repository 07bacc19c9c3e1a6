package gongwen_test

import (
	"fmt"
	"os"
	"time"

	"xuncha/internal/gongwen"
)

func Example() {
	accounts := gongwen.Table{Columns: []gongwen.Column{{Title: "序号"}, {Title: "单位名称"}, {Title: "政务新媒体名称"}}}
	accounts.Add("1", "甲局", "甲局发布（微博）")
	accounts.AddGroup([]string{"2", "乙局"}, [][]string{{"乙局发布（抖音）"}, {"乙局之声（微博）"}})
	d := gongwen.Document{
		Title: []string{"关于第三季度检查情况的通报"},
		To:    "各县（区）人民政府",
		Body: []gongwen.Block{
			gongwen.Heading{Level: 1, Text: "总体情况"},
			gongwen.Text("不合格政务新媒体3个（详见附件）。"),
		},
		Attachments: []gongwen.Attachment{{Title: "不合格政务新媒体", Body: []gongwen.Block{accounts}}},
		Signature:   &gongwen.Signature{Issuer: "市人民政府办公室", Date: time.Date(2023, 10, 11, 0, 0, 0, 0, time.UTC)},
		Note:        "此件公开发布",
	}
	if err := d.Markdown(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # 关于第三季度检查情况的通报
	//
	// 各县（区）人民政府：
	//
	// ## 一、总体情况
	//
	// 不合格政务新媒体3个（详见附件）。
	//
	// 附件：不合格政务新媒体
	//
	// 市人民政府办公室
	//
	// 2023年10月11日
	//
	// （此件公开发布）
	//
	// 附件
	//
	// ## 不合格政务新媒体
	//
	// | 序号 | 单位名称 | 政务新媒体名称 |
	// | --- | --- | --- |
	// | 1 | 甲局 | 甲局发布（微博） |
	// | 2 | 乙局 | 乙局发布（抖音） |
	// |  |  | 乙局之声（微博） |
}
