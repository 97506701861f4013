print("evtwin")
