print("push2pacs")
