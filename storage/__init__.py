"""Files in MongoDB's GridFS through pymongo; knows nothing of depth, images or HTTP."""
